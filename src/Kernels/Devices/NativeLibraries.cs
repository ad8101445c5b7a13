using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;

namespace GpuNets;

/// <summary>
/// Finds the driver libraries. ILGPU asks for <c>libcuda.so</c> and <c>libOpenCL.so</c>, names that only development packages install;
/// where it does not find them it carries on as if there were no device.
/// </summary>
internal static class NativeLibraries
{
    private static readonly string[] s_cuda = OperatingSystem.IsWindows()
        ? ["nvcuda"]
        : ["libcuda.so.1", "libcuda.so", "/usr/lib/wsl/lib/libcuda.so.1"];

    private static readonly string[] s_openCl = OperatingSystem.IsWindows()
        ? ["OpenCL"]
        : OperatingSystem.IsMacOS() ? ["/System/Library/Frameworks/OpenCL.framework/OpenCL"] : ["libOpenCL.so.1", "libOpenCL.so"];

    /// <summary>The name under which our own imports ask for the CUDA driver; ILGPU's resolver answers for both.</summary>
    public const string Cuda = "cuda";

    static NativeLibraries()
    {
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // The program installed a resolver of its own before us: that one decides.
        }
    }

    /// <summary>Why CUDA cannot be used at all; null if its driver is there.</summary>
    public static string? CudaMissing => Load(s_cuda) != 0 ? null : $"no NVIDIA driver: {s_cuda[0]} not found";

    /// <summary>True if the NVIDIA driver is there and has a function, which older ones may not.</summary>
    public static bool HasCuda(string function) => Load(s_cuda) is var driver and not 0 && NativeLibrary.TryGetExport(driver, function, out _);

    /// <summary>Why OpenCL cannot be used at all; null if its loader is there.</summary>
    public static string? OpenClMissing => Load(s_openCl) != 0 ? null : $"no OpenCL loader: {s_openCl[0]} not found";

    /// <summary>Handle of the OpenCL loader; 0 without one.</summary>
    public static nint OpenCl => Load(s_openCl);

    /// <summary>Has to run before the first call of ILGPU that touches a driver.</summary>
    public static void Install() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(NativeLibraries).TypeHandle);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name.ToLowerInvariant() switch
    {
        "cuda" or "nvcuda" => Load(s_cuda),
        "opencl" => Load(s_openCl),
        _ => 0,
    };

    private static nint Load(string[] candidates)
    {
        foreach (string candidate in candidates)
            if (NativeLibrary.TryLoad(candidate, out nint handle)) return handle;
        return 0;
    }
}
