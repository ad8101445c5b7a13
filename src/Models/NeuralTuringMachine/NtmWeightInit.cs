namespace GpuNets.Models;

/// <summary>Initial values of the weights.</summary>
public enum NtmWeightInit
{
    /// <summary>
    /// LSTM uniform in +-5 / sqrt(inputs + width), bias 0; heads Glorot uniform with gain 1.4 and biases of deviation 0.01; output Glorot.
    /// </summary>
    PyTorchNtm,

    /// <summary>LSTM Glorot uniform with forget bias 1; heads and output truncated normal of deviation 1 / sqrt(inputs), bias 0.</summary>
    CollierBeel,
}
