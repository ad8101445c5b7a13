using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Intrinsics;

namespace GpuNets.Kernels;

/// <summary>
/// Four floats at an address in one access. ILGPU makes a vector access of a view of four floats only, whose alignment it takes on trust;
/// here the address itself decides, so that rows of any length and windows at any offset are read right, and fast where they can be.
/// </summary>
internal static unsafe class DeviceMemory
{
    /// <summary>The four floats at an address.</summary>
    [IntrinsicImplementation]
    public static Float4 Load4(float* source) => new() { X = source[0], Y = source[1], Z = source[2], W = source[3] };

    /// <summary>Writes four floats to an address.</summary>
    [IntrinsicImplementation]
    public static void Store4(float* target, Float4 value) =>
        (target[0], target[1], target[2], target[3]) = (value.X, value.Y, value.Z, value.W);

    private static void PtxLoad4(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string address = PtxText.Register(generator, call[0]), space = PtxText.Space(call[0]);
        string[] words = PtxText.Targets(generator, call);
        var single = words.Select((word, i) => $"@!%whole ld{space}.f32 {word}, [{address}+{4 * i}]; ");
        generator.Builder.AppendLine(
            $"\t{{ {IsWhole(address)}@%whole ld{space}.v4.f32 {{{string.Join(", ", words)}}}, [{address}]; {string.Concat(single)}}}");
    }

    private static void PtxStore4(PTXBackend backend, PTXCodeGenerator generator, Value call)
    {
        string address = PtxText.Register(generator, call[0]), space = PtxText.Space(call[0]);
        string[] words = PtxText.Registers(generator, call[1]);
        var single = words.Select((word, i) => $"@!%whole st{space}.f32 [{address}+{4 * i}], {word}; ");
        generator.Builder.AppendLine(
            $"\t{{ {IsWhole(address)}@%whole st{space}.v4.f32 [{address}], {{{string.Join(", ", words)}}}; {string.Concat(single)}}}");
    }

    private static string IsWhole(string address) =>
        $".reg .pred %whole; .reg .b64 %rest; and.b64 %rest, {address}, 15; setp.eq.s64 %whole, %rest, 0; ";

    private static Float4 OpenClLoad4(float* source)
    {
        Float4 value = default;
        value.X = source[0];
        value.Y = source[1];
        value.Z = source[2];
        value.W = source[3];
        return value;
    }

    private static void OpenClStore4(float* target, Float4 value)
    {
        target[0] = value.X;
        target[1] = value.Y;
        target[2] = value.Z;
        target[3] = value.W;
    }
}
