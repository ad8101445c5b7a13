namespace GpuNets.Models;

/// <summary>One translation of a line.</summary>
/// <param name="Text">The text.</param>
/// <param name="LogProbability">Natural logarithm of its probability.</param>
/// <param name="Score">What translations compete by: LogProbability over the length penalty.</param>
public sealed record Translation(string Text, double LogProbability, double Score);
