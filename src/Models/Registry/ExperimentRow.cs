namespace GpuNets.Models;

/// <summary>One model of an <see cref="IExperiment"/>.</summary>
/// <param name="Name">The model and its training.</param>
/// <param name="Measures">What was measured, by name; all rows of an experiment have the same names, or fewer.</param>
/// <param name="Reference">What others measured for the same row, by the same names; null where nobody did.</param>
public sealed record ExperimentRow(string Name, IReadOnlyDictionary<string, double> Measures, IReadOnlyDictionary<string, double>? Reference = null);
