namespace GpuNets;

/// <summary>A kernel that the device's compiler refused. Its device compiles nothing after that: open it anew.</summary>
/// <param name="kernel">Name of the kernel with its type arguments.</param>
/// <param name="device">Name of the device.</param>
/// <param name="inner">The compiler's own error.</param>
public sealed class KernelCompilationException(string kernel, string device, Exception inner)
    : GpuNetsException($"Kernel {kernel} does not compile for {device}: {Reasons(inner)}", inner)
{
    /// <summary>Name of the kernel with its type arguments.</summary>
    public string Kernel { get; } = kernel;

    /// <summary>Name of the device it was compiled for.</summary>
    public string Device { get; } = device;

    // The compiler wraps what matters in errors that only say that there was one.
    private static string Reasons(Exception error) =>
        error.InnerException is null ? error.Message : $"{error.Message} {Reasons(error.InnerException)}";
}
