using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.IR;
using ILGPU.IR.Types;
using ILGPU.IR.Values;

namespace GpuNets.Kernels;

/// <summary>Operands of instructions that we write into PTX ourselves. Names that begin with % stay within their braces.</summary>
internal static class PtxText
{
    /// <summary>The register of a scalar value.</summary>
    public static string Register(PTXCodeGenerator generator, Value value) => Name(generator, generator.Load(value));

    /// <summary>The registers of a struct: {%f1, %f2}.</summary>
    public static string Vector(PTXCodeGenerator generator, Value value) => Text(generator, generator.Load(value));

    /// <summary>The registers that take the result of a call.</summary>
    public static string Target(PTXCodeGenerator generator, Value call) => Text(generator, generator.Allocate(call));

    /// <summary>The registers of a struct, one by one.</summary>
    public static string[] Registers(PTXCodeGenerator generator, Value value) => Names(generator, generator.Load(value));

    /// <summary>The registers that take the struct that a call gives, one by one.</summary>
    public static string[] Targets(PTXCodeGenerator generator, Value call) => Names(generator, generator.Allocate(call));

    /// <summary>The suffix of loads and stores at a pointer: that of its memory, or none if it may point anywhere.</summary>
    public static string Space(Value pointer) => AddressSpace(pointer) switch
    {
        MemoryAddressSpace.Global => ".global",
        MemoryAddressSpace.Shared => ".shared",
        MemoryAddressSpace.Local => ".local",
        _ => "",
    };

    /// <summary>A value that the compiler must have folded to a constant.</summary>
    public static int Constant(Value value) => value.Resolve() is PrimitiveValue constant
        ? constant.Int32Value
        : throw new NotSupportedException($"{value} has to be a constant");

    /// <summary>
    /// The 32-bit address of a reference into shared memory, <paramref name="offset"/> times 16 bytes on; the text that computes it comes
    /// first. A reference may arrive as a generic pointer or as one into shared memory, as the compiler could tell.
    /// </summary>
    public static string SharedAddress(PTXCodeGenerator generator, Value reference, Value? offset, out string computing)
    {
        string pointer = Register(generator, reference);
        computing = AddressSpace(reference) == MemoryAddressSpace.Shared
            ? $".reg .b32 %at; cvt.u32.u64 %at, {pointer}; "
            : $".reg .b32 %at; {{ .reg .b64 %shared; cvta.to.shared.u64 %shared, {pointer}; cvt.u32.u64 %at, %shared; }} ";
        if (offset is null) return "%at";
        if (offset.Resolve() is PrimitiveValue constant) return constant.Int32Value == 0 ? "%at" : $"%at+{16 * constant.Int32Value}";
        computing += $"mad.lo.s32 %at, {Register(generator, offset)}, 16, %at; ";
        return "%at";
    }

    /// <summary>The 64-bit address of a reference into global memory.</summary>
    public static string GlobalAddress(PTXCodeGenerator generator, Value reference, out string computing)
    {
        string pointer = Register(generator, reference);
        bool isGlobal = AddressSpace(reference) == MemoryAddressSpace.Global;
        computing = isGlobal ? "" : $".reg .b64 %from; cvta.to.global.u64 %from, {pointer}; ";
        return isGlobal ? pointer : "%from";
    }

    private static MemoryAddressSpace AddressSpace(Value reference) => ((AddressSpaceType)reference.Type!).AddressSpace;

    private static string Text(PTXCodeGenerator generator, PTXRegisterAllocator.Register register) =>
        register is PTXRegisterAllocator.CompoundRegister ? $"{{{string.Join(", ", Names(generator, register))}}}" : Name(generator, register);

    private static string[] Names(PTXCodeGenerator generator, PTXRegisterAllocator.Register register) =>
        [.. ((PTXRegisterAllocator.CompoundRegister)register).Children.Select(child => Name(generator, child))];

    private static string Name(PTXCodeGenerator generator, PTXRegisterAllocator.Register register) =>
        "%" + PTXRegisterAllocator.GetStringRepresentation(generator.EnsureHardwareRegister((PTXRegisterAllocator.PrimitiveRegister)register));
}
