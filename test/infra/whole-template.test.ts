/** What holds of the template as a whole. */
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { settings } from '../../infra/settings.ts';
import { asking, createTestApp, findingsOf, resourcesOf, suppressionsOf } from './template.ts';

type Properties = Record<string, unknown>;

const { app, stack } = createTestApp({ settings });
const template = Template.fromStack(stack);
const { properties, idOf } = asking(template);

test('has no finding of AwsSolutions, and every exception says why', () => {
  expect(findingsOf(app)).toEqual([]);
  const suppressions = suppressionsOf(stack);
  expect(suppressions.length).toBeGreaterThan(0);
  for (const { reason } of suppressions) expect(reason).toMatch(/^.{30,}\.$/);
  const { app: control } = createTestApp({ settings });
  const queue = new sqs.Queue(new Stack(control, 'Control'), 'Queue');
  expect(findingsOf(control)).toContain(`AwsSolutions-SQS4 at ${queue.node.path}/Resource`);
});

test('holds plain types and intrinsics alone', () => {
  expect(Object.keys(template.toJSON()).toSorted()).toEqual(['Description', 'Outputs', 'Resources']);
  for (const [, { Type }] of resourcesOf(template)) expect(Type).toMatch(/^AWS::\w+::\w+$/);
  const intrinsics = new Set(JSON.stringify(template.toJSON()).match(/"(Fn::\w+|Ref|Condition)":/g));
  const known = ['"Fn::GetAZs":', '"Fn::GetAtt":', '"Fn::Join":', '"Fn::Select":', '"Ref":', '"Condition":'];
  // "Condition" is that of policies.
  expect([...intrinsics].toSorted()).toEqual(known.toSorted());
});

test('tells what a person starts a task with, and where the database is', () => {
  const { Outputs } = template.toJSON() as { Outputs: Record<string, { Value: unknown }> };
  expect(Outputs['DatabaseHost']?.Value).toEqual({
    'Fn::GetAtt': [idOf('AWS::RDS::DBCluster', {}), 'Endpoint.Address'],
  });
  expect(Outputs['TaskNetwork']?.Value).toEqual({
    'Fn::Join': [
      '',
      [
        'awsvpcConfiguration={subnets=[',
        { Ref: expect.stringContaining('TasksSubnet1') },
        ',',
        { Ref: expect.stringContaining('TasksSubnet2') },
        '],securityGroups=[',
        { 'Fn::GetAtt': [expect.stringContaining('TaskGroup'), 'GroupId'] },
        '],assignPublicIp=ENABLED}',
      ],
    ],
  });
});

test('lets all containers but the tunnel write nowhere, and gives all the one image', () => {
  const containers = [
    ...properties('AWS::Batch::JobDefinition').map(({ ContainerProperties }) => ContainerProperties),
    ...properties('AWS::ECS::TaskDefinition').map(
      ({ ContainerDefinitions }) => (ContainerDefinitions as Properties[])[0],
    ),
  ] as Properties[];
  expect(containers).toHaveLength(6);
  for (const container of containers) {
    expect(container['ReadonlyRootFilesystem']).toBe(container['Name'] !== 'tunnel');
    expect(container).toMatchObject({ Image: 'fibonacci-bars:named' });
  }
});

test('gives a folder for temporary files to the operator alone, who downloads day files into it', () => {
  const withVolumes = properties('AWS::ECS::TaskDefinition').filter(({ Volumes }) => Volumes !== undefined);
  expect(withVolumes).toMatchObject([
    {
      Family: 'fibonacci-bars-operator',
      Volumes: [{ Name: 'scratch' }],
      ContainerDefinitions: [
        { MountPoints: [{ SourceVolume: 'scratch', ContainerPath: '/tmp', ReadOnly: false }] },
      ],
    },
  ]);
});
