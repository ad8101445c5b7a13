namespace GpuNets.Models;

/// <summary>A target that a <see cref="TransformerDecoder"/> found.</summary>
/// <param name="Ids">Its tokens, without first and end token.</param>
/// <param name="LogProbability">Natural logarithm of its probability, the end token included if it has one.</param>
/// <param name="Score">LogProbability divided by the length penalty ((5 + n) / 6)^alpha, n counting the end token.</param>
/// <param name="IsComplete">False if it was cut off at the greatest length, without an end token.</param>
public sealed record Hypothesis(IReadOnlyList<int> Ids, double LogProbability, double Score, bool IsComplete);
