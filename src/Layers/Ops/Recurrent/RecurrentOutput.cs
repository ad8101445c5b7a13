namespace GpuNets;

/// <summary>What a recurrent layer gives.</summary>
/// <param name="Sequence">Hidden values of all steps, [time, batch, directions * units].</param>
/// <param name="Hidden">Those after the last step of each direction, [directions, batch, units].</param>
/// <param name="Cell">The cells after the last step; null if the kind of cell has none.</param>
internal sealed record RecurrentOutput(Tensor Sequence, Tensor Hidden, Tensor? Cell);
