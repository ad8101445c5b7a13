using System.Reflection;
using System.Text.RegularExpressions;
using GpuNets.Kernels;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using KernelSpecialization = ILGPU.Runtime.KernelSpecialization;

namespace GpuNets.Tests.Devices;

/// <summary>Without a GPU, every kernel is still compiled for each kind. A context per kernel: one that failed spoils its context.</summary>
public static class KernelCompilation
{
    internal static Context NewContext() => Context.Create(builder => DeviceDiscovery.Prepare(builder, optimize: true));

    internal static CompiledKernel Compile(Backend backend, Type kernel, string entry, int group)
    {
        var method = typeof(DeviceEntries).GetMethod(entry, BindingFlags.Static | BindingFlags.Public)!.MakeGenericMethod(kernel);
        CodePlacementRepair.Apply(backend, method);
        return backend.Compile(
            EntryPointDescription.FromExplicitlyGroupedKernel(method),
            backend is PTXBackend ? LargeKernelAttribute.Specialize(method, group) : new KernelSpecialization(group, null));
    }

    internal static string OpenCl(Context context, Type kernel, string entry, int group)
    {
        var capabilities = new CLCapabilityContext(false, true, true, true, true);
        using var backend = new CLBackend(context, capabilities, CLDeviceVendor.Other, new CLCVersion(3, 0));
        var compiled = (CLCompiledKernel)Compile(backend, kernel, entry, group);
        return StableNames.Renumber(compiled.Source, compiled.Name);
    }

    internal static string Ptx(Context context, Type kernel, string entry, int group, int major, int minor)
    {
        using var backend = new PTXBackend(context, new CudaArchitecture(major, minor), KernelText.InstructionSet(kernel), null!);
        var compiled = (PTXCompiledKernel)Compile(backend, kernel, entry, group);
        return PtxRepair.Run(compiled.PTXAssembly, compiled.Name, major, minor, KernelText.IsExact(kernel), typeof(IGridKernel).IsAssignableFrom(kernel));
    }
}

/// <summary>OpenCL C of every kernel.</summary>
public sealed class OpenClCompilationTests
{
    public static TheoryData<string> Kernels => [.. KernelCatalogue.Kernels.Where(kernel => KernelCatalogue.IsPortable(kernel.Value)).Select(kernel => kernel.Key)];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Kernels))]
    public async Task Kernel_compiles_to_OpenCL(string name)
    {
        await Task.Yield();
        using var context = KernelCompilation.NewContext();
        foreach (var (entry, group) in KernelCatalogue.OpenClEntries(KernelCatalogue.Kernels[name]))
        {
            string source = KernelCompilation.OpenCl(context, KernelCatalogue.Kernels[name], entry, group);
            Assert.Contains("kernel void", source);
            // Arithmetic on pointers with a long offset: ILGPU emits it, OpenCL's compilers refuse it.
            Assert.DoesNotContain("__generic", source);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Text_does_not_depend_on_what_was_compiled_before()
    {
        await Task.Yield();
        string first, second;
        using (var context = KernelCompilation.NewContext())
            first = KernelCompilation.OpenCl(context, typeof(SoftmaxForward), nameof(DeviceEntries.RowsSerial), 16);
        using (var context = KernelCompilation.NewContext())
        {
            KernelCompilation.OpenCl(context, typeof(UnaryForward<Exp>), nameof(DeviceEntries.Elements), 256);
            second = KernelCompilation.OpenCl(context, typeof(SoftmaxForward), nameof(DeviceEntries.RowsSerial), 16);
        }
        Assert.Equal(first, second);
    }
}

/// <summary>PTX of every kernel, assembled where ptxas is found: no stack, no spilled registers.</summary>
public sealed partial class PtxCompilationTests
{
    private static readonly (int Major, int Minor)[] s_targets = [(7, 5), (8, 0), (9, 0)];

    public static TheoryData<string> Kernels => [.. KernelCatalogue.Kernels.Keys];

    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Kernels))]
    public async Task Kernel_compiles_to_PTX_and_assembles_without_stack(string name)
    {
        await Task.Yield();
        using var context = KernelCompilation.NewContext();
        var texts = new List<(string Name, int Major, int Minor, string Ptx)>();
        foreach (var (entry, group) in KernelCatalogue.CudaEntries(KernelCatalogue.Kernels[name]))
        {
            foreach (var (major, minor) in s_targets)
            {
                if (!KernelCatalogue.RunsOn(KernelCatalogue.Kernels[name], major, minor)) continue;
                string ptx = KernelCompilation.Ptx(context, KernelCatalogue.Kernels[name], entry, group, major, minor);
                Assert.Contains($".target sm_{major}{minor}", ptx);
                Assert.DoesNotContain(".uni", ptx);
                // Less or unordered, and the like: a comparison that ILGPU turned around, which takes NaN for true. Lanes have ones of their own.
                Assert.DoesNotMatch(@"setp\.(lt|le|gt|ge|eq)u\.f32", ptx);
                if (entry.EndsWith("Fours", StringComparison.Ordinal))
                    Assert.True(ptx.Contains(".v4.f32"), $"{name} says that its threads take four elements at once, but {entry} has no 128-bit access: its InFours has to be false.");
                texts.Add((entry, major, minor, ptx));
            }
        }
        Assert.SkipWhen(Ptxas.Path is null, Ptxas.Missing);
        foreach (var (entry, major, minor, ptx) in texts)
        {
            if ((major, minor) == (8, 0)) continue;   // between the oldest and the newest, the same text assembles the same way
            var (ok, log) = Ptxas.Assemble(ptx, KernelText.Target(KernelCatalogue.Kernels[name], major, minor));
            Assert.True(ok, $"{name}.{entry}, sm_{major}{minor}: ptxas refuses it.\n{log}");
            foreach (Match match in StackOrSpill().Matches(log))
                Assert.True(match.Groups[1].Value == "0", $"{name}.{entry}, sm_{major}{minor}: {match.Value}.\n{log}");
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Text_does_not_depend_on_what_was_compiled_before()
    {
        await Task.Yield();
        string first, second;
        using (var context = KernelCompilation.NewContext())
            first = KernelCompilation.Ptx(context, typeof(SoftmaxForward), nameof(DeviceEntries.RowsByWarp), 128, 9, 0);
        using (var context = KernelCompilation.NewContext())
        {
            KernelCompilation.Ptx(context, typeof(UnaryForward<Exp>), nameof(DeviceEntries.Elements), 256, 9, 0);
            second = KernelCompilation.Ptx(context, typeof(SoftmaxForward), nameof(DeviceEntries.RowsByWarp), 128, 9, 0);
        }
        Assert.Equal(first, second);
    }

    /// <summary>A comparison that is true for NaN (setp.ltu) comes from one that ILGPU turned around.</summary>
    [Fact(Timeout = 300_000)]
    public async Task Comparisons_of_lanes_are_false_for_NaN()
    {
        await Task.Yield();
        using var context = KernelCompilation.NewContext();
        foreach (var kernel in new[] { typeof(UnaryForward<LessOp>), typeof(UnaryForward<EqualOp>), typeof(UnaryForward<ExpOp>), typeof(UnaryForward<TanhOp>) })
            Assert.DoesNotMatch(@"setp\.\w+u\.f32", KernelCompilation.Ptx(context, kernel, nameof(DeviceEntries.Elements), 256, 8, 0));
    }

    [Theory]
    [InlineData(9, 0, 88, "sm_90")]
    [InlineData(9, 0, 74, "sm_87")]    // a driver too old to know it
    [InlineData(12, 0, 87, "sm_120")]
    [InlineData(13, 5, 88, "sm_121")]  // a GPU newer than all we know
    [InlineData(7, 5, 78, "sm_75")]
    public void The_target_is_the_newest_that_both_GPU_and_text_know(int major, int minor, int version, string expected) =>
        Assert.Equal(expected, PtxRepair.TargetName(major, minor, version));

    [Fact(Timeout = 300_000)]
    public async Task Repair_changes_what_is_wrong_and_nothing_else()
    {
        await Task.Yield();
        const string ptx = ".version 7.8\n.target sm_80\n.entry Kernel_1(.param .b32 _n_77)\n{ ld.param.b32 %r_5, [_n_77];\nL_31: bra.uni L_31; call.uni f_9; @%p1 bra L_32; }";
        Assert.Equal(
            ".version 7.8\n.target sm_90\n.entry Kernel_1(.param .b32 _n_0)\n{ ld.param.b32 %r_5, [_n_0];\nL_1: bra L_1; call f_2; @%p1 bra L_3; }",
            PtxRepair.Run(ptx, "Kernel_1", 9, 0));
        Assert.StartsWith(".version 7.8\n.target sm_90a\n", PtxRepair.Run(ptx, "Kernel_1", 9, 0, isExact: true), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(\d+) bytes (?:stack frame|spill stores|spill loads)")]
    private static partial Regex StackOrSpill();
}
