import { ArnFormat, CfnDeletionPolicy, Stack, Validations } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import type { Network } from './network.ts';

/** Roles in the database that sign in with IAM tokens; `fibbars migrate --roles` makes them. */
export type DatabaseRole = 'fetcher' | 'dispatcher' | 'resampler' | 'reader' | 'migrator';

export type Database = {
  readonly clusterId: string;
  readonly host: string;
  /** ARN of the master user's secret, a JSON document that RDS makes and rotates. */
  readonly masterSecretArn: string;
  /** To wait for: the cluster takes connections when its instance does. */
  readonly instance: rds.CfnDBInstance;
  /** DATABASE_URL of a role that signs in with a token. */
  readonly urlOf: (role: DatabaseRole) => string;
  /** DATABASE_URL of the master user, whose password comes from the secret. */
  readonly masterUrl: string;
  /** What a statement with rds-db:connect names. */
  readonly connectArnOf: (role: DatabaseRole) => string;
};

const masterUser = 'postgres';
const databaseName = 'fibbars';

/** Aurora Serverless v2 that pauses when nobody is connected. */
export function addDatabase({ scope, settings }: Deployment, network: Network): Database {
  const here = new Construct(scope, 'Database');
  const { minAcu, maxAcu } = settings.sizes.database;
  const subnets = new rds.CfnDBSubnetGroup(here, 'Subnets', {
    dbSubnetGroupDescription: 'Without a way out',
    subnetIds: network.databaseSubnetIds,
  });
  const parameters = new rds.CfnDBClusterParameterGroup(here, 'Parameters', {
    description: 'TLS only',
    family: 'aurora-postgresql17',
    parameters: { 'rds.force_ssl': '1' },
  });
  const cluster = new rds.CfnDBCluster(here, 'Cluster', {
    dbClusterIdentifier: 'fibonacci-bars',
    engine: 'aurora-postgresql',
    engineVersion: '17.7',
    databaseName,
    masterUsername: masterUser,
    // RDS rotates it every 7 days by itself; a rotation of ours would need a way out of the isolated subnets.
    manageMasterUserPassword: true,
    enableIamDatabaseAuthentication: true,
    storageEncrypted: true,
    backupRetentionPeriod: settings.retention.backupDays,
    copyTagsToSnapshot: true,
    deletionProtection: true,
    dbClusterParameterGroupName: parameters.ref,
    dbSubnetGroupName: subnets.ref,
    vpcSecurityGroupIds: [network.database.securityGroupId],
    serverlessV2ScalingConfiguration: {
      minCapacity: minAcu,
      maxCapacity: maxAcu,
      // The shortest that there is.
      ...(minAcu === 0 && { secondsUntilAutoPause: 300 }),
    },
  });
  // When the protection was lifted, the data is still there as a snapshot.
  cluster.cfnOptions.deletionPolicy = CfnDeletionPolicy.SNAPSHOT;
  cluster.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.SNAPSHOT;
  Validations.of(cluster).acknowledge({
    id: 'AwsSolutions-RDS11',
    reason:
      'Another port than 5432 hides nothing: the subnets are isolated, and the security group lets in the tasks alone.',
  });
  const instance = new rds.CfnDBInstance(here, 'Instance', {
    dbClusterIdentifier: cluster.ref,
    dbInstanceClass: 'db.serverless',
    engine: 'aurora-postgresql',
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    // One of the roots in services/shared/rds-roots.json.
    caCertificateIdentifier: 'rds-ca-rsa2048-g1',
  });
  const urlOf = (user: string, parameter: string) =>
    `postgres://${user}@${cluster.attrEndpointAddress}:5432/${databaseName}?${parameter}`;
  return {
    clusterId: cluster.ref,
    host: cluster.attrEndpointAddress,
    masterSecretArn: cluster.attrMasterUserSecretSecretArn,
    instance,
    urlOf: (role) => urlOf(role, 'auth=iam'),
    masterUrl: urlOf(masterUser, 'tls=rds'),
    connectArnOf: (role) =>
      Stack.of(here).formatArn({
        service: 'rds-db',
        resource: 'dbuser',
        resourceName: `${cluster.attrDbClusterResourceId}/${role}`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
  };
}
