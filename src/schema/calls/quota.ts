// quotactl_fd's address, by command and kind of quota (linux/quota.h).
import { caseTable, inputAt, type Meaning, outputAt } from '../cases.js'
import { constants } from '../constants.js'
import * as s from '../shape.js'

const N = 3
const formats = constants('quota_formats')
const limits = {
  dqb_bhardlimit: s.u64,
  dqb_bsoftlimit: s.u64,
  dqb_curspace: s.u64,
  dqb_ihardlimit: s.u64,
  dqb_isoftlimit: s.u64,
  dqb_curinodes: s.u64,
  dqb_btime: s.quiet(s.u64),
  dqb_itime: s.quiet(s.u64),
  dqb_valid: s.x32,
}
const info = s.struct({ dqi_bgrace: s.u64, dqi_igrace: s.u64, dqi_flags: s.x32, dqi_valid: s.x32 })

const COMMANDS: readonly (readonly [name: string, value: number, meaning?: Meaning])[] = [
  ['Q_SYNC', 0x800001],
  ['Q_QUOTAON', 0x800002],
  ['Q_QUOTAOFF', 0x800003],
  ['Q_GETFMT', 0x800004, outputAt(s.one(formats), N)],
  ['Q_GETINFO', 0x800005, outputAt(info, N)],
  ['Q_SETINFO', 0x800006, inputAt(info, N)],
  ['Q_GETQUOTA', 0x800007, outputAt(s.struct(limits), N)],
  ['Q_SETQUOTA', 0x800008, inputAt(s.struct(limits), N)],
  ['Q_GETNEXTQUOTA', 0x800009, outputAt(s.struct({ ...limits, dqb_id: s.u32 }), N)],
  ['Q_XQUOTAON', 0x5801],
  ['Q_XQUOTAOFF', 0x5802],
  ['Q_XGETQUOTA', 0x5803],
  ['Q_XSETQLIM', 0x5804],
  ['Q_XGETQSTAT', 0x5805],
  ['Q_XQUOTARM', 0x5806],
  ['Q_XQUOTASYNC', 0x5807],
  ['Q_XGETQSTATV', 0x5808],
  ['Q_XGETNEXTQUOTA', 0x5809],
]
const KINDS = ['USRQUOTA', 'GRPQUOTA', 'PRJQUOTA']

/** The command is in the upper 24 bits, the kind in the lower 8. */
export const quotas = caseTable(
  'quota_commands',
  COMMANDS.flatMap(([name, value, meaning]) =>
    KINDS.map((kind, i) => [`${name}|${kind}`, (value << 8) | i, meaning] as const),
  ),
)
