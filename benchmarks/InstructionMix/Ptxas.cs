using System.Diagnostics;

namespace GpuNets.InstructionMix;

/// <summary>NVIDIA's assembler and disassembler, where they are installed: on the path, in /opt/ptxas/usr/bin, or below CUDA_HOME.</summary>
public static class Ptxas
{
    /// <summary>What to say where there is none.</summary>
    public const string Missing = "ptxas not found on the path, in /opt/ptxas/usr/bin or below CUDA_HOME: PTX was generated but not assembled.";

    /// <summary>The assembler, or null.</summary>
    public static string? Path { get; } = Find("ptxas");

    /// <summary>The disassembler, or null.</summary>
    public static string? Disassembler { get; } = Find("cuobjdump");

    /// <summary>Assembles a text; the log holds registers, stack and spills.</summary>
    public static (bool Ok, string Log) Assemble(string ptx, string architecture)
    {
        var (ok, log, _) = Run(ptx, architecture, disassemble: false);
        return (ok, log);
    }

    /// <summary>Assembles a text and returns the machine code as cuobjdump writes it, with the assembler's log.</summary>
    /// <exception cref="InvalidOperationException">The assembler refuses the text.</exception>
    public static (string Log, string Sass) Disassemble(string ptx, string architecture)
    {
        var (ok, log, sass) = Run(ptx, architecture, disassemble: true);
        return ok ? (log, sass) : throw new InvalidOperationException(log);
    }

    private static (bool Ok, string Log, string Sass) Run(string ptx, string architecture, bool disassemble)
    {
        var folder = Directory.CreateTempSubdirectory("gpunets-ptxas");
        try
        {
            string source = System.IO.Path.Combine(folder.FullName, "kernel.ptx"), binary = System.IO.Path.Combine(folder.FullName, "kernel.cubin");
            File.WriteAllText(source, ptx);
            var (code, log) = Start(Path!, "-v", $"-arch={architecture}", source, "-o", binary);
            return (code == 0, log, code == 0 && disassemble ? Start(Disassembler!, "-sass", binary).Output : "");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int Code, string Output) Start(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        string errors = process.StandardError.ReadToEnd();
        string text = errors + output.Result;
        process.WaitForExit();
        return (process.ExitCode, text);
    }

    private static string? Find(string program)
    {
        string[] folders =
        [
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator),
            "/opt/ptxas/usr/bin",
            System.IO.Path.Combine(Environment.GetEnvironmentVariable("CUDA_HOME") ?? "/usr/local/cuda", "bin"),
        ];
        return folders.Select(folder => System.IO.Path.Combine(folder, program)).FirstOrDefault(File.Exists);
    }
}
