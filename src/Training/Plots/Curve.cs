namespace GpuNets.Training;

/// <summary>A line in a figure.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">Horizontal values, rising.</param>
/// <param name="Y">Vertical values, as many; those that are NaN leave a gap.</param>
public sealed record Curve(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);
