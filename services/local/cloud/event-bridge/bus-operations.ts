import { arn } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { busOf, type EventBridgeState, nowSeconds } from './event-bridge-state.ts';
import { type Operations, startsWith, textOf } from './operations.ts';

export function busOperations(state: EventBridgeState): Operations {
  return {
    CreateEventBus(input) {
      const name = textOf(input, 'Name');
      if (state.buses.get(name)) {
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
      }
      const bus = {
        Name: name,
        Arn: arn(state.account, 'events', `event-bus/${name}`),
        CreationTime: nowSeconds(),
        Description: input['Description'] as string | undefined,
      };
      state.buses.put(name, bus);
      return { EventBusArn: bus.Arn, Description: bus.Description };
    },
    DescribeEventBus: (input) => busOf(state, input['Name']),
    ListEventBuses: (input) => ({
      EventBuses: state.buses.all().filter((bus) => startsWith(bus.Name, input['NamePrefix'])),
    }),
    DeleteEventBus(input) {
      const name = textOf(input, 'Name');
      if (name === 'default') throw new AwsError('ValidationException', 'Cannot delete event bus default.');
      if (state.rules.all().some((rule) => rule.EventBusName === name)) {
        throw new AwsError('ValidationException', `Event bus ${name} still has rules: delete them first.`);
      }
      state.buses.delete(name);
      return {};
    },
  };
}
