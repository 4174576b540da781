/**
 * The parts of fauxqs that its package does not export, by path; its version is pinned exactly. `startFauxqs` is no way in:
 * it listens on every interface of the machine, writes each message of a batch in a transaction of its own,
 * and with persistence on, making a message visible again fails on a NOT NULL column and loses it until a restart.
 */
export { SqsError } from '../../../../node_modules/fauxqs/dist/common/errors.js';
export { PersistenceManager } from '../../../../node_modules/fauxqs/dist/persistence.js';
export { SnsStore } from '../../../../node_modules/fauxqs/dist/sns/snsStore.js';
export { changeMessageVisibility } from '../../../../node_modules/fauxqs/dist/sqs/actions/changeMessageVisibility.js';
export { changeMessageVisibilityBatch } from '../../../../node_modules/fauxqs/dist/sqs/actions/changeMessageVisibilityBatch.js';
export { createQueue } from '../../../../node_modules/fauxqs/dist/sqs/actions/createQueue.js';
export { deleteMessage } from '../../../../node_modules/fauxqs/dist/sqs/actions/deleteMessage.js';
export { deleteMessageBatch } from '../../../../node_modules/fauxqs/dist/sqs/actions/deleteMessageBatch.js';
export { deleteQueue } from '../../../../node_modules/fauxqs/dist/sqs/actions/deleteQueue.js';
export { getQueueAttributes } from '../../../../node_modules/fauxqs/dist/sqs/actions/getQueueAttributes.js';
export { getQueueUrl } from '../../../../node_modules/fauxqs/dist/sqs/actions/getQueueUrl.js';
export { listQueues } from '../../../../node_modules/fauxqs/dist/sqs/actions/listQueues.js';
export { listQueueTags } from '../../../../node_modules/fauxqs/dist/sqs/actions/listQueueTags.js';
export { purgeQueue } from '../../../../node_modules/fauxqs/dist/sqs/actions/purgeQueue.js';
export { receiveMessage } from '../../../../node_modules/fauxqs/dist/sqs/actions/receiveMessage.js';
export { sendMessage } from '../../../../node_modules/fauxqs/dist/sqs/actions/sendMessage.js';
export { sendMessageBatch } from '../../../../node_modules/fauxqs/dist/sqs/actions/sendMessageBatch.js';
export { setQueueAttributes } from '../../../../node_modules/fauxqs/dist/sqs/actions/setQueueAttributes.js';
export { tagQueue } from '../../../../node_modules/fauxqs/dist/sqs/actions/tagQueue.js';
export { untagQueue } from '../../../../node_modules/fauxqs/dist/sqs/actions/untagQueue.js';
export { type SqsQueue, SqsStore } from '../../../../node_modules/fauxqs/dist/sqs/sqsStore.js';
export type { MessageAttributeValue } from '../../../../node_modules/fauxqs/dist/sqs/sqsTypes.js';
