// Tables that sum one value per process.
import type { Column, TableDef } from '../table/types.js'

/** A table of the processes with the largest sums of a column, without those whose sum is 0. */
export function byProcess(
  containers: boolean,
  { column, filter, top }: { readonly column: Column; readonly filter: string; readonly top: number },
): TableDef {
  return {
    keys: containers ? ['proc.name', 'proc.pid', 'thread.vtid', 'container.id'] : ['proc.name', 'proc.pid'],
    columns: [
      column,
      { field: 'proc.name', title: 'Process' },
      { field: 'proc.pid', title: 'PID', only: 'default' },
      { field: 'proc.pid', title: 'Host_pid', only: 'containers' },
      { field: 'thread.vtid', title: 'Container_pid', only: 'containers' },
      { field: 'container.name', title: 'container.name', only: 'containers' },
    ],
    filter,
    top,
    positive: true,
  }
}
