// The error for a profile that cannot be used.

/** Its message is a clause about the profile, without its name: what is wrong, and where. */
export class ProfileError extends Error {}
