namespace GpuNets;

/// <summary>Shape of the trained weights of a kernel of a <see cref="CrfRnn"/>.</summary>
public enum CrfWeights
{
    /// <summary>One number, [1].</summary>
    Scalar,

    /// <summary>A number per class, [C].</summary>
    PerClass,

    /// <summary>A matrix that mixes the filtered classes, [C, C], as the authors' code has it.</summary>
    Matrix,
}
