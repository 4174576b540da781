/**
 * What Batch at an endpoint wants to be told of beside itself: a role and a network. Some emulators ask whether they exist; AWS itself is
 * given those of the CDK app.
 */
export type Surroundings = {
  /** ARN. */
  readonly role: string;
  readonly subnets: readonly string[];
  readonly securityGroupIds: readonly string[];
};

/** They look right, which is all that an emulator without networks and roles wants. */
export const placeholders: Surroundings = {
  role: 'arn:aws:iam::000000000000:role/fibonacci-bars',
  subnets: ['subnet-00000000'],
  securityGroupIds: ['sg-00000000'],
};
