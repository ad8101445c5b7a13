using System.Diagnostics;
using System.Runtime.InteropServices;
using GpuNets.Peers;
using TorchSharp;

namespace TorchPeers;

/// <summary>Puts libtorch on its best footing: threads that sleep between calls, and a heap that keeps its pages.</summary>
internal static partial class TorchRuntime
{
    private const string WaitPolicy = "OMP_WAIT_POLICY";
    private const int TrimThreshold = -1; // M_TRIM_THRESHOLD of malloc.h
    private const int MmapMax = -4;       // M_MMAP_MAX

    /// <summary>
    /// OpenMP reads its wait policy from the environment the process began with; setting it from .NET comes too late. By default its
    /// workers spin after every call and take a core from whatever runs next, here from GpuNets.
    /// </summary>
    public static bool IsPassive =>
        string.Equals(Environment.GetEnvironmentVariable(WaitPolicy), "PASSIVE", StringComparison.OrdinalIgnoreCase);

    /// <summary>Starts this program again with the right environment and returns its exit code.</summary>
    public static int RunPassive(string[] words)
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is not known.");
        var start = new ProcessStartInfo(program) { UseShellExecute = false };
        // Started as "dotnet GpuNets.Peers.dll", the program is dotnet and needs the assembly again.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") start.ArgumentList.Add(typeof(TorchRuntime).Assembly.Location);
        foreach (string word in words) start.ArgumentList.Add(word);
        start.Environment[WaitPolicy] = "PASSIVE";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>Sets the threads. Freed memory stays with the process, or every output of 64 MB would cost libtorch 16,000 page
    /// faults, which is a matter of malloc and not of its kernels (GpuNets keeps its buffers in a pool).</summary>
    public static void Configure(int threads)
    {
        if (Mallopt(MmapMax, 0) == 0 || Mallopt(TrimThreshold, int.MaxValue) == 0)
            throw new InvalidOperationException("mallopt refused its settings.");
        torch.set_num_threads(threads);
    }

    [LibraryImport("libc.so.6", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
