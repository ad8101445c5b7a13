namespace GpuNets.Models;

/// <summary>Stages of training a segmentation network, in their order.</summary>
internal enum SegmentationStage
{
    /// <summary>The front end alone.</summary>
    FrontEnd,

    /// <summary>The context module on the score maps of a front end that stays as it is.</summary>
    Context,

    /// <summary>Both together.</summary>
    Joint,
}
