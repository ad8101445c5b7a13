namespace GpuNets;

/// <summary>Base of all errors that GpuNets raises on purpose: bad input, bad state, or a device that refuses.</summary>
public class GpuNetsException : Exception
{
    /// <summary>Creates the error with a message that names the operation, the argument, what came and what was expected.</summary>
    public GpuNetsException(string message) : base(message) { }

    /// <summary>Creates the error with the cause kept as <see cref="Exception.InnerException"/>.</summary>
    public GpuNetsException(string message, Exception? inner) : base(message, inner) { }
}
