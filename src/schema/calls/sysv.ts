// What semctl's fourth argument is, by command (linux/sem.h).
import { caseTable, filled, given, itself } from '../cases.js'
import * as s from '../shape.js'
import { semid, seminfo } from '../structs/ipc.js'

const N = 3

export const semctlArguments = caseTable('semctl_arguments', [
  ['IPC_RMID', 0],
  ['IPC_SET', 1, given(semid, N)],
  ['IPC_STAT', 2, filled(semid, N)],
  ['IPC_INFO', 3, filled(seminfo, N)],
  ['SETVAL', 16, itself(s.like(s.u64, { kind: 'int32' }), N)],
  ['GETALL', 13, itself(s.pointer, N)],
  ['SETALL', 17, itself(s.pointer, N)],
  ['SEM_STAT', 18, filled(semid, N)],
  ['SEM_INFO', 19, filled(seminfo, N)],
  ['SEM_STAT_ANY', 20, filled(semid, N)],
])
