namespace GpuNets.Models;

/// <summary>How the step size of a Transformer run moves.</summary>
public enum TransformerSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>Equation 3 of the paper; LearningRate is its factor.</summary>
    InverseSquareRoot,
}
