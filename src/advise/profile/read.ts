// Reads seccomp profiles: OCI's and Docker's JSON, a runtime's config.json, SeccompProfile objects as YAML or JSON, and systemd units.
// Profiles are untrusted: sizes are limited, and every value is checked before anything is used.
import { parse as parseYaml } from 'yaml'
import { errnoOf } from './errno.js'
import { Node } from './json-reader.js'
import {
  ACTIONS,
  type Comparison,
  type Conditions,
  NO_CONDITIONS,
  OPERATORS,
  type Profile,
  type Rule,
} from './profile.js'
import { ProfileError } from './profile-error.js'
import { isUnit, readUnit } from './systemd-unit.js'

/** maximum bytes of a profile: Docker's has 17,000 */
export const MAX_BYTES = 4 << 20
/** YAML takes longer to parse */
const MAX_YAML = 1 << 20
const MAX_ERRNO = 4095
const MAX_ARGUMENT = 5

/** Integers that a double cannot hold exactly, as the value of a comparison. */
const LONG_VALUE = /("value(?:Two)?"\s*:\s*)(\d{16,20})(?=\s*[,}])/g

/** The profile in a text. Throws ProfileError. */
export function readProfile(text: string): Profile {
  if (isUnit(text)) return readUnit(text)
  const whole = new Node(parsed(text), '')
  const profile = profileIn(whole)
  if (profile.member('defaultAction').absent) profile.fail('has no defaultAction, so it is no seccomp profile')
  return {
    defaultAction: profile.member('defaultAction').word('SCMP_ACT_', ACTIONS),
    defaultErrno: errnoIn(profile, 'defaultErrnoRet', 'defaultErrno'),
    architectures: architecturesIn(profile),
    archMap: archMapIn(profile),
    rules: profile.member('syscalls').items().map(ruleIn),
  }
}

function parsed(text: string): unknown {
  if (text.trim() === '') throw new ProfileError('it is empty')
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.parse(text.replace(LONG_VALUE, '$1"$2"'))
    } catch (e) {
      throw new ProfileError(`is no JSON: ${(e as Error).message}`)
    }
  }
  if (text.length > MAX_YAML) throw new ProfileError('is no JSON, and too large for YAML')
  try {
    return parseYaml(text, { maxAliasCount: 0, intAsBigInt: false, logLevel: 'silent' })
  } catch (e) {
    throw new ProfileError(`is neither JSON nor YAML: ${(e as Error).message.split('\n', 1)[0]}`)
  }
}

/** The object with the profile: the whole, the spec of a Kubernetes object, or a part of a runtime's config.json. */
function profileIn(whole: Node): Node {
  const kind = whole.member('kind')
  if (kind.absent) {
    const linux = whole.member('linux')
    return linux.absent ? whole : linux.member('seccomp')
  }
  if (kind.value !== 'SeccompProfile') kind.fail('is not SeccompProfile')
  const spec = whole.member('spec')
  const base = spec.member('baseProfileName')
  if (!base.absent) base.fail('names another profile, in the cluster: write a profile without it')
  return spec
}

function errnoIn(of: Node, number: string, name: string): number | undefined {
  const n = of.member(number).whole(MAX_ERRNO)
  const word = of.member(name)
  if (n !== undefined || word.absent) return n
  return errnoOf(word.text()) ?? word.fail('is no name of an error')
}

function architecturesIn(profile: Node): readonly string[] | undefined {
  const list = profile.member('architectures')
  return list.absent ? undefined : list.texts()
}

function archMapIn(profile: Node): Profile['archMap'] {
  const map = profile.member('archMap')
  if (map.absent) return undefined
  return new Map(
    map.items().map((m) => [m.member('architecture').text(), m.member('subArchitectures').texts()] as const),
  )
}

function ruleIn(rule: Node): Rule {
  const name = rule.member('name')
  const names = rule.member('names').texts()
  return {
    // the oldest profiles of Docker have a rule for each name
    names: name.absent ? names : [...names, name.text()],
    action: rule.member('action').word('SCMP_ACT_', ACTIONS),
    errno: errnoIn(rule, 'errnoRet', 'errno'),
    args: rule.member('args').items().map(comparisonIn),
    includes: conditionsIn(rule.member('includes')),
    excludes: conditionsIn(rule.member('excludes')),
  }
}

function comparisonIn(arg: Node): Comparison {
  const index = arg.member('index')
  return {
    index: index.whole(MAX_ARGUMENT) ?? index.fail('is missing'),
    op: arg.member('op').word('SCMP_CMP_', OPERATORS),
    value: arg.member('value').u64(),
    valueTwo: arg.member('valueTwo').u64(),
  }
}

function conditionsIn(conditions: Node): Conditions {
  if (conditions.absent) return NO_CONDITIONS
  const kernel = conditions.member('minKernel')
  if (!kernel.absent && !/^\d{1,4}\.\d{1,4}/.test(kernel.text())) kernel.fail('is no version such as 4.8')
  return {
    caps: conditions.member('caps').texts(),
    arches: conditions.member('arches').texts(),
    minKernel: kernel.absent ? undefined : kernel.text(),
  }
}
