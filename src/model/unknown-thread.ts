// The neutral default values of a snapshot's thread.

import type { ThreadInfo } from './snapshot.js'
import { bootNs } from './time.js'

/** The members that every thread of a snapshot has. */
export type ThreadDefaults = { [K in keyof ThreadInfo as undefined extends ThreadInfo[K] ? never : K]: ThreadInfo[K] }

/** A new thread with neutral values; unknown ids are -1. */
export function unknownThread(): ThreadDefaults {
  return {
    tid: -1,
    pid: -1,
    ptid: -1,
    vtid: -1,
    vpid: -1,
    comm: '',
    exe: '',
    exepath: '',
    args: [],
    env: [],
    cwd: '',
    root: '/',
    uid: -1,
    gid: -1,
    loginuid: -1,
    tty: 0,
    sid: -1,
    pgid: -1,
    vpgid: -1,
    startBoot: bootNs(0),
    capInheritable: 0,
    capPermitted: 0,
    capEffective: 0,
    cgroups: [],
    fdLimit: -1,
    vmSize: 0,
    vmRss: 0,
    vmSwap: 0,
    pgftMaj: 0,
    pgftMin: 0,
    exeIno: 0,
    exeInoCtime: 0n,
    exeInoMtime: 0n,
    pidnsStart: 0n,
    exeWritable: false,
    exeUpperLayer: false,
  }
}
