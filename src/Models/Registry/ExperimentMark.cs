namespace GpuNets.Models;

/// <summary>A claim of an <see cref="IExperiment"/> and what came of it.</summary>
/// <param name="Claim">What must hold, with its numbers.</param>
/// <param name="Measured">The numbers that were measured.</param>
/// <param name="Passed">Whether it holds.</param>
public sealed record ExperimentMark(string Claim, string Measured, bool Passed);
