//! Import: what a region already has, read row by row. (This folder is being written by its own author from 06:50 on:
//! the reading of the five formats, `apply_row` and its tests. The slices' `New…` inputs and actions are what it calls.)
