namespace GpuNets.Training;

/// <summary>A picture of a <see cref="SegmentationSheet"/>.</summary>
/// <param name="Name">What stands above it.</param>
/// <param name="Image">The picture.</param>
/// <param name="Annotation">Its true classes; null: not shown.</param>
/// <param name="Prediction">The classes that a network gives; null: not shown.</param>
/// <param name="Caption">What stands above the prediction.</param>
public sealed record SegmentationSheetRow(string Name, RgbImage Image, LabelMap? Annotation = null, LabelMap? Prediction = null, string Caption = "prediction");
