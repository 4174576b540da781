import { jobQueueArnPlaceholder, type PatternLeaf, type PatternNode, type Rule } from './topology.ts';

/** A rule's pattern with its placeholders filled in. The ARN may be a CDK token. */
export function rulePattern(rule: Rule, arns: { readonly jobQueueArn: string }): PatternNode {
  const leaf = (value: PatternLeaf) => (value === jobQueueArnPlaceholder ? arns.jobQueueArn : value);
  const node = (pattern: PatternNode): PatternNode =>
    Object.fromEntries(
      Object.entries(pattern).map(([field, child]) => [
        field,
        isLeaves(child) ? child.map(leaf) : node(child),
      ]),
    );
  return node(rule.pattern);
}

function isLeaves(child: PatternNode | readonly PatternLeaf[]): child is readonly PatternLeaf[] {
  return Array.isArray(child);
}
