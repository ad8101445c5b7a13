namespace GpuNets.Training;

/// <summary>What a network says about a picture.</summary>
/// <param name="Labels">The most probable class of each pixel.</param>
/// <param name="Probabilities">Probabilities of the classes at the network's cells.</param>
public sealed record SegmentationPrediction(LabelMap Labels, CellMap Probabilities);
