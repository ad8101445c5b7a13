using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A trained model that segments pictures: what <c>gpunets segment</c> uses.</summary>
public interface ISegmenter
{
    /// <summary>Names of the classes in the order of their labels.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>Colours of the classes.</summary>
    Palette Palette { get; }

    /// <summary>Segments a picture of any size.</summary>
    SegmentationPrediction Predict(RgbImage image);

    /// <summary>Sharpens a prediction along the edges of its picture with the model's dense CRF.</summary>
    /// <exception cref="InvalidOperationException">The model's options have no CRF.</exception>
    LabelMap Sharpen(SegmentationPrediction prediction, RgbImage image);
}
