using System.Diagnostics;

namespace GpuNets.Tests.Devices;

/// <summary>NVIDIA's assembler, where it is installed: on the path, in /opt/ptxas/usr/bin, or below CUDA_HOME.</summary>
internal static class Ptxas
{
    public const string Missing = "ptxas not found on the path, in /opt/ptxas/usr/bin or below CUDA_HOME: PTX was generated but not assembled.";

    public static string? Path { get; } = Find();

    /// <summary>Assembles a text; the log holds registers, stack and spills.</summary>
    public static (bool Ok, string Log) Assemble(string ptx, string architecture)
    {
        using var folder = new TempFolder();
        string source = folder.File("kernel.ptx");
        File.WriteAllText(source, ptx);
        var start = new ProcessStartInfo(Path!, ["-v", $"-arch={architecture}", source, "-o", folder.File("kernel.cubin")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        string log = process.StandardError.ReadToEnd() + output.Result;
        process.WaitForExit();
        return (process.ExitCode == 0, log);
    }

    private static string? Find()
    {
        string[] folders =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator),
            "/opt/ptxas/usr/bin",
            System.IO.Path.Combine(Environment.GetEnvironmentVariable("CUDA_HOME") ?? "/usr/local/cuda", "bin"),
        ];
        return folders.Select(folder => System.IO.Path.Combine(folder, "ptxas")).FirstOrDefault(File.Exists);
    }
}
