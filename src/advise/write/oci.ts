// The profile as OCI's JSON: the file that Docker, containerd, podman, CRI-O and kubelets read.
import type { Comparison, Profile, Rule } from '../profile/profile.js'

/** The text of the file. */
export function ociProfile(profile: Profile): string {
  return `${JSON.stringify(ociValue(profile), null, 2)}\n`
}

/** The members of the profile, in the order of the specification. */
export function ociValue({ defaultAction, defaultErrno, architectures, rules }: Profile): object {
  return {
    defaultAction: `SCMP_ACT_${defaultAction}`,
    ...(defaultErrno !== undefined && { defaultErrnoRet: defaultErrno }),
    ...(architectures !== undefined && { architectures }),
    syscalls: rules.map(ruleValue),
  }
}

/** A rule. Its comment is a member that runtimes ignore. */
export function ruleValue({ names, action, errno, args, comment }: Rule): object {
  return {
    names,
    action: `SCMP_ACT_${action}`,
    ...(errno !== undefined && { errnoRet: errno }),
    ...(args.length > 0 && { args: args.map(argValue) }),
    ...(comment !== undefined && { comment }),
  }
}

function argValue({ index, op, value, valueTwo }: Comparison): object {
  // the values that ksys writes are exact as numbers
  return { index, value: Number(value), valueTwo: Number(valueTwo), op: `SCMP_CMP_${op}` }
}
