using System.CommandLine;

namespace GpuNets.Cli;

/// <summary>Options that several commands take.</summary>
internal static class SharedOptions
{
    public static Option<bool> Json() => new("--json") { Description = "One JSON object per line on stdout, nothing else there." };

    public static Option<string?> Device() => new("--device")
    {
        Description = "cpu, opencl:N, cuda:N or auto (default: the variable GPUNETS_DEVICE, then auto).",
    };

    public static Option<ulong> Seed() => new("--seed") { Description = "Seed of parameters and data.", DefaultValueFactory = _ => 1 };
}
