/** Packages that the Lambda runtime brings along, as far as `handler.ts` calls them. */

declare module '@aws-sdk/client-cloudformation' {
  export class CloudFormation {
    describeStacks(request: { StackName: string }): Promise<{ Stacks?: { StackStatus?: string }[] }>;
  }
}

declare module '@aws-sdk/client-cloudwatch-logs' {
  export class CloudWatchLogs {
    getLogEvents(request: {
      logGroupName: string;
      logStreamName: string;
      limit: number;
    }): Promise<{ events?: { message?: string }[] }>;
  }
}

declare module '@aws-sdk/client-ecs' {
  export class ECS {
    runTask(request: {
      cluster: string;
      taskDefinition: string;
      launchType: 'FARGATE';
      clientToken: string;
      networkConfiguration: {
        awsvpcConfiguration: { assignPublicIp: 'ENABLED'; subnets: string[]; securityGroups: string[] };
      };
    }): Promise<{ tasks?: { taskArn?: string }[]; failures?: object[] }>;
    describeTasks(request: { cluster: string; tasks: string[] }): Promise<{
      tasks?: { lastStatus?: string; stoppedReason?: string; containers?: { exitCode?: number }[] }[];
    }>;
    stopTask(request: { cluster: string; task: string; reason: string }): Promise<unknown>;
  }
}
