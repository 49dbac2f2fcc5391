// semctl's fourth argument, by command (linux/sem.h).
import { caseTable, inputAt, itself, outputAt } from '../cases.js'
import * as s from '../shape.js'
import { semid, seminfo } from '../structs/ipc.js'

const N = 3

export const semctlArguments = caseTable('semctl_arguments', [
  ['IPC_RMID', 0],
  ['IPC_SET', 1, inputAt(semid, N)],
  ['IPC_STAT', 2, outputAt(semid, N)],
  ['IPC_INFO', 3, outputAt(seminfo, N)],
  ['SETVAL', 16, itself(s.like(s.u64, { kind: 'int32' }), N)],
  ['GETALL', 13, itself(s.pointer, N)],
  ['SETALL', 17, itself(s.pointer, N)],
  ['SEM_STAT', 18, outputAt(semid, N)],
  ['SEM_INFO', 19, outputAt(seminfo, N)],
  ['SEM_STAT_ANY', 20, outputAt(semid, N)],
])
