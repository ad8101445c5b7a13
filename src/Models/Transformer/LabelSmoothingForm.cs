namespace GpuNets.Models;

/// <summary>Where the share s of label smoothing goes.</summary>
public enum LabelSmoothingForm
{
    /// <summary>1 - s to the label, s / (V - 1) to each other class: tensor2tensor.</summary>
    OthersOnly,

    /// <summary>s / V to each class, 1 - s to the label besides: fairseq and PyTorch.</summary>
    AllClasses,

    /// <summary>1 - s to the label, s / (V - 2) to each other class but the pad token: the Annotated Transformer. s lies below (V - 2) / V.</summary>
    OthersButPad,
}
