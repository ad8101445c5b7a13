using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace GpuNets.InstructionMix;

/// <summary>What the assembler made of a kernel.</summary>
/// <param name="Registers">Registers per thread.</param>
/// <param name="Stack">Bytes of stack.</param>
/// <param name="Spills">Bytes of spilled registers stored and loaded.</param>
/// <param name="Loop">Instructions of the hot loop.</param>
internal sealed record Assembled(int Registers, int Stack, int Spills, InstructionCounts Loop);

/// <summary>Compiles, assembles and counts kernels, and writes the table.</summary>
internal static partial class MixTable
{
    /// <summary>Compiles a kernel for a compute capability and reads what the assembler made of it.</summary>
    public static Assembled Assemble(HotKernel kernel, int major, int minor)
    {
        var (log, sass) = Ptxas.Disassemble(KernelText.Ptx(kernel.Kernel, kernel.Entry, kernel.Group, major, minor), KernelText.Target(kernel.Kernel, major, minor));
        return new(
            Sum(Registers(), log), Sum(Stack(), log), Sum(Spills(), log), new Sass(sass).HotLoop(kernel.Shortest));
    }

    /// <summary>The table as Markdown.</summary>
    public static string Markdown(IEnumerable<HotKernel> kernels, IReadOnlyList<(int Major, int Minor)> targets)
    {
        var text = new StringBuilder();
        text.AppendLine("| kernel | target | registers | stack | spills | loop | FFMA | HMMA | share | shared | global, of it 128-bit | shape | predicted, H200 |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: |");
        foreach (var kernel in kernels)
            foreach (var (major, minor) in targets)
            {
                if (!RunsOn(kernel.Kernel, major, minor)) continue;
                var (registers, stack, spills, loop) = Assemble(kernel, major, minor);
                string time = major < 9 ? "" : Time(kernel, Prediction.Seconds(kernel, loop.ArithmeticShare));
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {kernel.Name} | {KernelText.Target(kernel.Kernel, major, minor)} | {registers} | {stack} | {spills} | {loop.All} | {loop.Fused} | {loop.Tensor} | {loop.ArithmeticShare:P0} | {loop.Shared} | {loop.Global.All}, {loop.Global.Wide} | {kernel.Shape} | {time} |");
            }
        return text.ToString();
    }

    private static bool RunsOn(Type kernel, int major, int minor) =>
        Attribute.GetCustomAttribute(kernel, typeof(Kernels.ComputeCapabilityAttribute)) is not Kernels.ComputeCapabilityAttribute needed
        || (major, minor).CompareTo((needed.Major, needed.Minor)) >= 0;

    private static string Time(HotKernel kernel, double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{seconds * 1e6:G3} us, {(kernel.Flops / seconds / 1e12):F0} TFLOP/s, {(kernel.Bytes / seconds / 1e9):F0} GB/s");

    private static int Sum(Regex pattern, string log) =>
        pattern.Matches(log).Sum(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Registers();

    [GeneratedRegex(@"(\d+) bytes stack frame")]
    private static partial Regex Stack();

    [GeneratedRegex(@"(\d+) bytes spill (?:stores|loads)")]
    private static partial Regex Spills();
}
