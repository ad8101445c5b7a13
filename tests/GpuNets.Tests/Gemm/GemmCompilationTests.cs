using System.Globalization;
using System.Text.RegularExpressions;
using GpuNets.Kernels;
using GpuNets.Tests.Devices;
using Xunit;

namespace GpuNets.Tests;

/// <summary>The tiled kernels, which choose their own launch shape, as text for OpenCL and CUDA.</summary>
public sealed partial class GemmCompilationTests
{
    private static readonly (int Major, int Minor)[] s_targets = [(7, 5), (8, 0), (9, 0)];

    private static readonly Dictionary<string, Type> s_teams = new[]
    {
        typeof(TeamGemm<LargeTeamTile, SideAlongK, SideAlongLines, VectorAccess, NoActivation>),
        typeof(TeamGemm<LargeTeamTile, SideAlongLines, SideAlongK, VectorAccess, Tanh>),
        typeof(TeamGemm<LargeTeamTile, SideAlongK, SideAlongK, ScalarAccess, Gelu>),
        typeof(TeamGemm<SmallTeamTile, SideAlongK, SideAlongLines, VectorAccess, Sigmoid>),
        typeof(TeamGemm<SmallTeamTile, SideAlongLines, SideAlongK, ScalarAccess, Relu>),
    }.ToDictionary(KernelCache.Describe);

    // Scalar access needs the most registers; the vector forms are looked at by the tests of the instruction mix.
    private static readonly Dictionary<string, Type> s_tensors = new[]
    {
        typeof(TensorGemm<Tf32Format, TensorAlongLines, TensorAlongK, ScalarAccess, Gelu>),
        typeof(TensorGemm<BFloat16Format, TensorAlongLines, TensorAlongLines, ScalarAccess, NoActivation>),
    }.ToDictionary(KernelCache.Describe);

    public static TheoryData<string> Teams => [.. s_teams.Keys];

    public static TheoryData<string> Tensors => [.. s_tensors.Keys];

    /// <summary>
    /// Registers of 256 threads: up to 255 each run, one group per multiprocessor; up to 128 two groups. Vector access is there if the
    /// compiler still believes in the alignment of the operands.
    /// </summary>
    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Teams))]
    public void TeamsAssembleWithoutStack(string name)
    {
        using var context = KernelCompilation.NewContext();
        foreach (var (major, minor) in s_targets)
        {
            string ptx = KernelCompilation.Ptx(context, s_teams[name], nameof(DeviceEntries.WholeGrid), TeamGemmLauncher.GroupSize, major, minor);
            Assert.Contains($".target sm_{major}{minor}", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
            if (name.Contains(nameof(VectorAccess), StringComparison.Ordinal))
            {
                Assert.DoesNotContain("ld.global.f32", ptx, StringComparison.Ordinal);
                Assert.DoesNotContain("st.global.f32", ptx, StringComparison.Ordinal);
            }
            if (Ptxas.Path is null) continue;
            var (ok, log) = Ptxas.Assemble(ptx, $"sm_{major}{minor}");
            Assert.True(ok, log);
            Assert.All(StackOrSpill().Matches(log), match => Assert.Equal("0", match.Groups[1].Value));
            int registers = int.Parse(Registers().Match(log).Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.InRange(registers, 1, name.Contains(nameof(SmallTeamTile), StringComparison.Ordinal) && name.Contains(nameof(VectorAccess), StringComparison.Ordinal) ? 128 : 240);
        }
    }

    /// <summary>No stack, and at most 128 registers, so that two groups share a multiprocessor.</summary>
    [Theory(Timeout = 300_000)]
    [MemberData(nameof(Tensors))]
    public async Task TensorCoresAssembleWithoutStack(string name)
    {
        await Task.Yield();
        foreach (var (major, minor) in s_targets.Skip(1))
        {
            string ptx = KernelText.Ptx(s_tensors[name], nameof(DeviceEntries.WholeGrid), TeamGemmLauncher.GroupSize, major, minor);
            Assert.DoesNotContain(".local", ptx, StringComparison.Ordinal);
            Assert.DoesNotContain("cvta.to.shared", ptx, StringComparison.Ordinal);
            if (Ptxas.Path is null) continue;
            var (ok, log) = Ptxas.Assemble(ptx, $"sm_{major}{minor}");
            Assert.True(ok, log);
            Assert.All(StackOrSpill().Matches(log), match => Assert.Equal("0", match.Groups[1].Value));
            Assert.InRange(int.Parse(Registers().Match(log).Groups[1].Value, CultureInfo.InvariantCulture), 1, 128);
            Assert.Contains("49152 bytes smem", log, StringComparison.Ordinal);
        }
    }

    /// <summary>The plan: what the precision says where tiles are worth it, and parts of sums where tiles are few.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(4096, 4096, 4096, Precision.Float32, TeamGemmForm.Large, 1)]
    [InlineData(512, 512, 512, Precision.Float32, TeamGemmForm.Small, 2)]
    [InlineData(64, 576, 16384, Precision.Float32, TeamGemmForm.Small, 14)]
    [InlineData(4096, 4096, 4096, Precision.Tf32, TeamGemmForm.Tf32, 1)]
    [InlineData(64, 576, 16384, Precision.BFloat16, TeamGemmForm.BFloat16, 26)]
    [InlineData(16, 400, 120, Precision.BFloat16, TeamGemmForm.Small, 1)]
    [InlineData(1, 1, 1, Precision.Tf32, TeamGemmForm.Small, 1)]
    [InlineData(4096, 4096, 4096, Precision.BFloat16, TeamGemmForm.WarpgroupBFloat16, 1, WarpgroupUse.Wherever)]
    [InlineData(256, 512, 16384, Precision.BFloat16, TeamGemmForm.WarpgroupBFloat16, 32, WarpgroupUse.Wherever)]
    [InlineData(256, 512, 8000, Precision.Tf32, TeamGemmForm.WarpgroupTf32, 28, WarpgroupUse.Wherever)]
    [InlineData(4096, 128, 4096, Precision.BFloat16, TeamGemmForm.BFloat16, 4, WarpgroupUse.Wherever)]
    [InlineData(4096, 4096, 4096, Precision.Float32, TeamGemmForm.Large, 1, WarpgroupUse.Wherever)]
    [InlineData(4096, 4096, 4096, Precision.BFloat16, TeamGemmForm.WarpgroupBFloat16, 1, WarpgroupUse.Large)]
    [InlineData(2048, 2048, 2048, Precision.BFloat16, TeamGemmForm.BFloat16, 1, WarpgroupUse.Large)]
    internal async Task Plan(int m, int n, int k, Precision precision, TeamGemmForm form, int parts, WarpgroupUse warpgroups = WarpgroupUse.Never)
    {
        await Task.Yield();
        var plan = GemmPlan.Team(new GemmSize(m, n, k), precision, units: 132, warpgroups);
        Assert.Equal(new TeamGemmPlan(form, parts), plan);
        Assert.InRange(k, (parts - 1) * plan.Terms(k) + (k > 0 ? 1 : 0), parts * plan.Terms(k));   // no part is empty
    }

    [Fact(Timeout = 300_000)]
    public void EveryGridKernelCompilesToOpenCl()
    {
        Type[] kernels =
        [
            typeof(ItemGemm<N1>), typeof(ItemGemm<N4>), typeof(PackPanels), typeof(ItemGroupedGemm),
            typeof(TeamGroupedGemm<SmallTeamTile, SideAlongK, ScalarAccess>),
            typeof(TeamGemm<LargeTeamTile, SideAlongK, SideAlongLines, VectorAccess, NoActivation>),
            typeof(TeamGemm<SmallTeamTile, SideAlongLines, SideAlongK, ScalarAccess, Gelu>),
        ];
        var definitions = typeof(Gemm).Assembly.GetTypes()
            .Where(type => type.IsValueType && type.Namespace == "GpuNets.Kernels" && type.Name.Contains("Gemm", StringComparison.Ordinal) && type.GetInterfaces().Contains(typeof(IGridKernel)) && KernelCatalogue.IsPortable(type));
        Assert.All(definitions, definition => Assert.Contains(kernels, kernel => kernel.Name == definition.Name));
        using var context = KernelCompilation.NewContext();
        foreach (var kernel in kernels)
        {
            string source = KernelCompilation.OpenCl(context, kernel, nameof(DeviceEntries.WholeGrid), 256);
            Assert.Contains("kernel void", source, StringComparison.Ordinal);
            // Arithmetic on pointers with a long offset: emitted, but refused by the compilers of OpenCL.
            Assert.DoesNotContain("__generic", source, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"(\d+) bytes (?:stack frame|spill stores|spill loads)")]
    private static partial Regex StackOrSpill();

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();
}
