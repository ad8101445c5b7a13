namespace GpuNets.Models;

/// <summary>First weights of a <see cref="ContextModule"/>.</summary>
public enum ContextInitialization
{
    /// <summary>Each layer passes its input on (equations 4 and 5), with noise of <see cref="ContextOptions.Sigma"/> elsewhere.</summary>
    Identity,

    /// <summary>Uniform by fan in and fan out (Glorot and Bengio 2010); the paper found such initialisation not to work for the module.</summary>
    Xavier,

    /// <summary>Normal with the deviation of <see cref="ContextOptions.GaussianDeviation"/>; does not train.</summary>
    Gaussian,
}
