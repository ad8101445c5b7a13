namespace GpuNets.Models;

/// <summary>How the step size of a translation run moves.</summary>
public enum TranslationSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>Equation 3 of the paper; LearningRate is its factor.</summary>
    InverseSquareRoot,
}
