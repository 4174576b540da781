import { Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { clusterName, type Image } from './deployment.ts';
import type { Log } from './tasks.ts';

/** What a role may do, written down in the role itself. */
export type Permission = { readonly actions: readonly string[]; readonly resources: readonly string[] };

/** Why a permission names `*`: by the resource as it stands in the policy. */
export type Wildcards = Readonly<Record<string, string>>;

export type RoleOptions = {
  readonly service: string;
  readonly permissions: readonly Permission[];
  readonly wildcards?: Wildcards;
};

/** A role for a service of AWS that acts in this account alone. */
export function addRole(scope: Construct, id: string, options: RoleOptions): iam.Role {
  const principal = new iam.ServicePrincipal(options.service, {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
  return roleOf(scope, id, { ...options, principal });
}

/** A role for whomever, with a name if people are to know it. */
export function roleOf(
  scope: Construct,
  id: string,
  {
    name,
    principal,
    permissions,
    wildcards = {},
  }: Omit<RoleOptions, 'service'> & { name?: string; principal: iam.IPrincipal },
): iam.Role {
  const role = new iam.Role(scope, id, {
    assumedBy: principal,
    ...(name !== undefined && { roleName: name }),
    ...(permissions.length > 0 && {
      inlinePolicies: {
        Permissions: new iam.PolicyDocument({
          statements: permissions.map(
            ({ actions, resources }) =>
              new iam.PolicyStatement({ actions: [...actions], resources: [...resources] }),
          ),
        }),
      },
    }),
  });
  Validations.of(role).acknowledge(
    ...Object.entries(wildcards).map(([resource, reason]) => ({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason,
    })),
  );
  return role;
}

/** What Fargate needs to start a task: its image, its log, and the secrets that go into its environment. */
export function addExecutionRole(
  scope: Construct,
  id: string,
  { image, log, permissions = [] }: { image: Image; log: Log; permissions?: readonly Permission[] },
): iam.Role {
  return addRole(scope, id, {
    service: 'ecs-tasks.amazonaws.com',
    permissions: [
      { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
      {
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
        resources: [image.repositoryArn],
      },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [log.arn] },
      ...permissions,
    ],
    wildcards: { '*': 'ecr:GetAuthorizationToken takes no resource; pulling is limited to the repository.' },
  });
}

/** All tasks of the cluster, for who has to name one before it is there. */
export function anyTask(scope: Construct): { readonly arn: string; readonly wildcards: Wildcards } {
  const { region, account } = Stack.of(scope);
  const arn = (of: string) => `arn:aws:ecs:${region}:${of}:task/${clusterName}/*`;
  return {
    arn: arn(account),
    wildcards: { [arn('<AWS::AccountId>')]: 'A task has no name before it is started.' },
  };
}
