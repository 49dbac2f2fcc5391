// All built-in actions, in the order of the menu.
import type { Action } from '../define.js'
import { CONTAINER_ACTIONS } from './containers.js'
import { FILE_ACTIONS } from './files.js'
import { KUBERNETES_ACTIONS } from './kubernetes.js'
import { NETWORK_ACTIONS } from './network.js'
import { PROCESS_ACTIONS } from './processes.js'

export const ACTIONS: readonly Action[] = [
  ...CONTAINER_ACTIONS,
  ...KUBERNETES_ACTIONS,
  ...FILE_ACTIONS,
  ...NETWORK_ACTIONS,
  ...PROCESS_ACTIONS,
]
