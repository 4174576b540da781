import { arn, nameOf } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { EventArchive } from './event-archive.ts';
import {
  type Archive,
  busOf,
  checkPattern,
  type EventBridgeState,
  fail,
  notFound,
  nowSeconds,
} from './event-bridge-state.ts';
import { type Input, type Operations, startsWith, textOf } from './operations.ts';

export function archiveOperations(state: EventBridgeState, archive: EventArchive): Operations {
  const archiveOf = (input: Input): Archive => {
    const name = textOf(input, 'ArchiveName');
    return state.archives.get(name) ?? fail(notFound(`Archive ${name} does not exist.`));
  };

  function describe(found: Archive): object {
    const { count, bytes } = archive.size(found.ArchiveName);
    return { ...found, State: 'ENABLED', EventCount: count, SizeBytes: bytes };
  }

  function changeable(input: Input): Partial<Archive> {
    return {
      ...(input['Description'] !== undefined && { Description: textOf(input, 'Description') }),
      ...(input['EventPattern'] !== undefined && { EventPattern: checkPattern(input['EventPattern']) }),
      ...(input['RetentionDays'] !== undefined && { RetentionDays: Number(input['RetentionDays']) }),
    };
  }

  function save(changed: Archive): object {
    state.archives.put(changed.ArchiveName, changed);
    return { ArchiveArn: changed.ArchiveArn, State: 'ENABLED', CreationTime: changed.CreationTime };
  }

  return {
    CreateArchive(input) {
      const name = textOf(input, 'ArchiveName');
      const bus = busOf(state, nameOf(textOf(input, 'EventSourceArn')));
      if (state.archives.get(name)) {
        throw new AwsError('ResourceAlreadyExistsException', `Archive ${name} already exists.`);
      }
      return save({
        ArchiveName: name,
        ArchiveArn: arn(state.account, 'events', `archive/${name}`),
        EventSourceArn: bus.Arn,
        RetentionDays: 0,
        CreationTime: nowSeconds(),
        ...changeable(input),
      });
    },
    UpdateArchive(input) {
      const changed = { ...archiveOf(input), ...changeable(input) };
      archive.expire(changed);
      return save(changed);
    },
    DescribeArchive: (input) => describe(archiveOf(input)),
    ListArchives: (input) => ({
      Archives: state.archives
        .all()
        .filter((each) => startsWith(each.ArchiveName, input['NamePrefix']))
        .filter((each) => !input['EventSourceArn'] || each.EventSourceArn === input['EventSourceArn'])
        .map(describe),
    }),
    DeleteArchive(input) {
      const found = archiveOf(input);
      archive.delete(found.ArchiveName);
      state.archives.delete(found.ArchiveName);
      return {};
    },
  };
}
