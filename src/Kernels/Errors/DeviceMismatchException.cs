namespace GpuNets;

/// <summary>Operands that live on different devices.</summary>
/// <param name="operation">The operation that refused.</param>
/// <param name="expected">The device of the first operand.</param>
/// <param name="actual">The device of the operand that does not fit.</param>
public sealed class DeviceMismatchException(string operation, string expected, string actual)
    : GpuNetsException($"{operation}: operands live on different devices ({expected} and {actual}); copy one of them first.");
