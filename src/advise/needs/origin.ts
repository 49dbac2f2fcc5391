// Who makes the calls of a workload.

/**
 * - runtime: the container runtime, between loading the filter and starting the program
 * - entrypoint: the program that the container starts
 * - program: programs that the entrypoint starts
 * - exec: programs that were started in the container later: probes, lifecycle hooks
 * - interactive: the same, with a terminal
 */
export const ORIGINS = ['runtime', 'entrypoint', 'program', 'exec', 'interactive'] as const
export type Origin = (typeof ORIGINS)[number]
