// Constants of quotactl.
import { constants } from '../constants.js'
import { nameIn } from '../names.js'
import type { FlagTable } from '../types.js'

export const quotactlDqiFlags: FlagTable = {
  name: 'quotactl_dqi_flags',
  entries: [
    ['DQF_NONE', 1, 0],
    ['V1_DQF_RSQUASH', 2, 1],
  ],
  fromNative: (value) => ((value & 1) !== 0 ? 2 : 1),
}

const quotactlNative = new Map([
  [0x800002, 1],
  [0x800003, 2],
  [0x800004, 4],
  [0x800005, 8],
  [0x800006, 16],
  [0x800007, 32],
  [0x800008, 64],
  [0x800001, 128],
  [0x5801, 256],
  [0x5802, 512],
  [0x5803, 1024],
  [0x5804, 2048],
  [0x5805, 4096],
  [0x5806, 8192],
  [0x5807, 16384],
])

/** quotactl's first argument combines command and type: the upper 24 bits are the command. */
const newer = nameIn(constants('quotactl_more'))

export const quotactlCmds: FlagTable = {
  name: 'quotactl_cmds',
  entries: [
    ['Q_QUOTAON', 1],
    ['Q_QUOTAOFF', 2],
    ['Q_GETFMT', 4],
    ['Q_GETINFO', 8],
    ['Q_SETINFO', 16],
    ['Q_GETQUOTA', 32],
    ['Q_SETQUOTA', 64],
    ['Q_SYNC', 128],
    ['Q_XQUOTAON', 256],
    ['Q_XQUOTAOFF', 512],
    ['Q_XGETQUOTA', 1024],
    ['Q_XSETQLIM', 2048],
    ['Q_XGETQSTAT', 4096],
    ['Q_XQUOTARM', 8192],
    ['Q_XQUOTASYNC', 16384],
  ],
  fromNative: (value) => quotactlNative.get(value >>> 8) ?? 0,
  names: (value) => newer(value >>> 8),
}

/** The lower 8 bits of quotactl's first argument. */
export const quotactlTypes: FlagTable = {
  name: 'quotactl_types',
  entries: [
    ['USRQUOTA', 1],
    ['GRPQUOTA', 2],
  ],
  fromNative: (value) => ((value & 255) < 2 ? (value & 255) + 1 : 0),
  names: (value) => ((value & 255) === 2 ? 'PRJQUOTA' : undefined),
}

export const quotactlFmts: FlagTable = {
  name: 'quotactl_quota_fmts',
  entries: [
    ['QFMT_NOT_USED', 1],
    ['QFMT_VFS_OLD', 2],
    ['QFMT_VFS_V0', 4],
    ['QFMT_VFS_V1', 8],
  ],
  fromNative: (value) => (value === 1 ? 2 : value === 2 ? 4 : value === 4 ? 8 : 1),
}
