namespace GpuNets.Models;

/// <summary>What trains a segmentation network.</summary>
public enum SegmentationOptimizer
{
    /// <summary>The paper's: momentum, weight decay on weights alone, twice the rate for biases.</summary>
    Sgd,

    /// <summary>AdamW, which trains deep plain networks from scratch; decay on weights alone.</summary>
    AdamW,
}
