// What a profile allows by name, for comparisons of profiles.
import { ABIS, type Abi, machineOf } from '../calls/abi.js'
import { allNames } from '../calls/names.js'
import { abisOf, rulesFor, type Where } from './apply.js'
import { holdsFor } from './comparisons.js'
import { ENOSYS, type Profile, type Rule } from './profile.js'

/** What a profile allows in one place. */
export class Allows {
  private readonly rules: readonly Rule[]
  private readonly abis: ReadonlySet<Abi>

  constructor(
    private readonly profile: Profile,
    private readonly where: Where,
  ) {
    this.rules = rulesFor(profile, where)
    this.abis = abisOf(profile, where.arch)
  }

  /** Whether it allows a call, whose first argument has one of these values; without values: for some arguments. */
  call(abi: Abi, name: string, values: Iterable<number> = []): boolean {
    if (!this.abis.has(abi)) return false
    const rules = this.rules.filter((r) => r.names.includes(name))
    const plain = rules.findLast((r) => r.args.length === 0)
    if (plain !== undefined) return plain.action === 'ALLOW'
    const allowing = rules.filter((r) => r.action === 'ALLOW')
    if (allowing.length === 0) return this.profile.defaultAction === 'ALLOW' && rules.length === 0
    return [...values].every((value) =>
      allowing.some(({ args }) => args.every((c) => c.index !== 0 || holdsFor(c, BigInt(value)))),
    )
  }

  /** Whether it answers a call like a kernel that lacks it (ENOSYS), so that programs make an older one. */
  pretendsAbsence(name: string): boolean {
    const plain = this.rules.findLast((r) => r.names.includes(name) && r.args.length === 0)
    return plain?.action === 'ERRNO' && plain.errno === ENOSYS
  }

  /** The calls of the machine's own programs that it allows for some arguments. */
  names(): string[] {
    const native = Object.keys(ABIS).find((abi) => {
      const { arch, compat } = machineOf(abi as Abi)
      return arch === this.where.arch && !compat
    }) as Abi
    return allNames(native).filter((name) => this.call(native, name))
  }
}
