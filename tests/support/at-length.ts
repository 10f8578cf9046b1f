/** How many of something: few where everything is tested at once, all of them with `LONG=1`, as the figures ask for it. */
export const atLength = (few: number, all: number): number => (process.env.LONG ? all : few);
